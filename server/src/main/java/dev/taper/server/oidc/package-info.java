/** What providers of sign-ins (OpenID Connect) say of people and workloads, verified. */
@NullMarked
package dev.taper.server.oidc;

import org.jspecify.annotations.NullMarked;
