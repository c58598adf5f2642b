/** Policy sets and the decisions they make about tokens. */
@NullMarked
package dev.taper.authorizer;

import org.jspecify.annotations.NullMarked;
