#!/usr/bin/env node
/** The program: binds the process to the command line. */
import { enableCompileCache } from 'node:module';

// Loading is half of what a short command does.
enableCompileCache();
const { runProcess } = await import('./cli/process.ts');
await runProcess();
