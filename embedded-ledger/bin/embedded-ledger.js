#!/usr/bin/env node
// This file is outside dist/, so npm can link the command before the package is built.
import '../dist/cli.js';
