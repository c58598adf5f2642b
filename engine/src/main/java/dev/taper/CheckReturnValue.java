package dev.taper;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose result must not be ignored: a denial that nobody looks at denies nothing,
 * and a narrowed copy that nobody takes narrows nothing. On a type it counts for all methods. Error
 * Prone and other checkers know this annotation by its name; nothing looks at it when a program
 * runs.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE})
public @interface CheckReturnValue {}
