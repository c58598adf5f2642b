/** The program that runs Taper's roles: what the words of its command line start. */
@NullMarked
package dev.taper.server;

import org.jspecify.annotations.NullMarked;
