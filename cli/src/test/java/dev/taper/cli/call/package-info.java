@NullMarked
package dev.taper.cli.call;

import org.jspecify.annotations.NullMarked;
