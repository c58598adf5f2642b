@NullMarked
package dev.taper.cli.io;

import org.jspecify.annotations.NullMarked;
