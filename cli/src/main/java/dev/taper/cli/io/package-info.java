/**
 * The world outside: the standard streams, files, the environment and the editor, all handed in so
 * that a command runs the same inside a test.
 */
@NullMarked
package dev.taper.cli.io;

import org.jspecify.annotations.NullMarked;
