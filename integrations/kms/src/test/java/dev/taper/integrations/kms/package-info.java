/** Tests with a server that does as AWS KMS, and with one that does not. */
@NullMarked
package dev.taper.integrations.kms;

import org.jspecify.annotations.NullMarked;
