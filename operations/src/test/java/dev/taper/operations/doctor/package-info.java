@NullMarked
package dev.taper.operations.doctor;

import org.jspecify.annotations.NullMarked;
