import fc from "fast-check";
import { chooseSeed } from "./seed.ts";

fc.configureGlobal({ seed: chooseSeed({ asked: process.env["EXCALIBUR_SEED"], isLong: false }) });
