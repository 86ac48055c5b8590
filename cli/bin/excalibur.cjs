#!/usr/bin/env node
"use strict";
var path = require("path");
var launch = require("../../scripts/launch.cjs").launch;

launch({
  root: path.resolve(__dirname, "../.."),
  entry: path.resolve(__dirname, "../src/main.ts"),
  args: process.argv.slice(2),
});
