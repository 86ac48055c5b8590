import { expose } from "comlink";
import { Engine } from "./engine.ts";
import { buildWall } from "./wall.ts";

buildWall();
expose(new Engine({ server: location.origin, client: "web" }));
