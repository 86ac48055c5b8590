import { alice } from "../people/people.ts";
import { fixed } from "../vector-file.ts";

export const EXPORT_KEY = fixed("export key", 64);

export const ENTROPY = fixed("recovery entropy", 16);

export const ACCOUNT_KEY = fixed("account key", 32);

export const VOLUME_ID = fixed("key volume", 16);

export const VK = fixed("volume key", 32);

export const USER = alice.userId;
