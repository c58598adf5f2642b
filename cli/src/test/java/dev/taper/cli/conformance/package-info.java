@NullMarked
package dev.taper.cli.conformance;

import org.jspecify.annotations.NullMarked;
