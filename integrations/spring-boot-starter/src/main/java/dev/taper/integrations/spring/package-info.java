/**
 * Taper in Spring Boot: configuration, guarded requests and methods, Spring Security, health,
 * metrics.
 */
@NullMarked
package dev.taper.integrations.spring;

import org.jspecify.annotations.NullMarked;
