@NullMarked
package dev.taper.operations.login;

import org.jspecify.annotations.NullMarked;
