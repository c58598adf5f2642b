/** Signs with keys that AWS KMS never lets out. */
@NullMarked
package dev.taper.integrations.kms;

import org.jspecify.annotations.NullMarked;
