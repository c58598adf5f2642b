/** What rooms print alike: JSON, HTML, safe text, times in words, warnings. */
@NullMarked
package dev.taper.cli.output;

import org.jspecify.annotations.NullMarked;
