/** {@code config}: a service's configuration, checked and explained. */
@NullMarked
package dev.taper.cli.config;

import org.jspecify.annotations.NullMarked;
