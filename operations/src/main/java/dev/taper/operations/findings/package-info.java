/** What is noticed in a service's decisions: counting, the rules about abuse, findings. */
@NullMarked
package dev.taper.operations.findings;

import org.jspecify.annotations.NullMarked;
