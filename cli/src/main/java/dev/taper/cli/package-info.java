/**
 * The command line: {@link dev.taper.cli.Main} starts it, {@link dev.taper.cli.TaperCommandLine}
 * runs one command in a given console.
 */
@NullMarked
package dev.taper.cli;

import org.jspecify.annotations.NullMarked;
