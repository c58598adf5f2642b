/** {@code taper serve}: decisions, lists and asks for services in any language. */
@NullMarked
package dev.taper.server.serve;

import org.jspecify.annotations.NullMarked;
