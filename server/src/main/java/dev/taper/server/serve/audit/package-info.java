/** An audit log that takes statements of holders, which have no key of it. */
@NullMarked
package dev.taper.server.serve.audit;

import org.jspecify.annotations.NullMarked;
