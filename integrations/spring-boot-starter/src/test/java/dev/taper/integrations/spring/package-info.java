/** Tests against Spring Boot applications that are started for real. */
@NullMarked
package dev.taper.integrations.spring;

import org.jspecify.annotations.NullMarked;
