/**
 * The console's pages for people who signed in at a provider: by roles, and without any key of
 * theirs.
 */
@NullMarked
package dev.taper.server.console.people;

import org.jspecify.annotations.NullMarked;
