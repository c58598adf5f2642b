/** Where a role listens: addresses, TLS, and the pages of health and metrics. */
@NullMarked
package dev.taper.server.listener;

import org.jspecify.annotations.NullMarked;
