/**
 * What front ends share: where they work, where things are kept, and how an operation fails. No
 * room of operations knows a command line or prints.
 */
@NullMarked
package dev.taper.operations;

import org.jspecify.annotations.NullMarked;
