/**
 * What commands are given and what they leave: the console, files, keys and tokens, an audit log, a
 * registry and a revocation list, with the options that name them.
 */
@NullMarked
package dev.taper.cli.io;

import org.jspecify.annotations.NullMarked;
