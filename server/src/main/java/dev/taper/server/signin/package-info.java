/**
 * People at browsers: who signed in, in which session, from which page, and pages that show safely
 * what others wrote.
 */
@NullMarked
package dev.taper.server.signin;

import org.jspecify.annotations.NullMarked;
