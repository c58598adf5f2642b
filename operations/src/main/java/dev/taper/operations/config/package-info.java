/** Values as people write them in configurations and options. */
@NullMarked
package dev.taper.operations.config;

import org.jspecify.annotations.NullMarked;
