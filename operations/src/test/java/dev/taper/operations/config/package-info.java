@NullMarked
package dev.taper.operations.config;

import org.jspecify.annotations.NullMarked;
