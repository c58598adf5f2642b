/** What the commands do, without the command line: one class per command, and what they share. */
@NullMarked
package dev.taper.cli.service;

import org.jspecify.annotations.NullMarked;
