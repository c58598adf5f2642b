import { wire } from "./token/wire.mjs";
wire();
