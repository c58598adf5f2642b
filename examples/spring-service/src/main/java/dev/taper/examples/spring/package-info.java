/** A guarded service on Spring Boot. */
@NullMarked
package dev.taper.examples.spring;

import org.jspecify.annotations.NullMarked;
