/** Revocation lists and root keys, signed in time, for verifiers that fetch them. */
@NullMarked
package dev.taper.server.serve.lists;

import org.jspecify.annotations.NullMarked;
