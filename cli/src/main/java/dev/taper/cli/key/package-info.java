/** Making key pairs and replacing root keys. */
@NullMarked
package dev.taper.cli.key;

import org.jspecify.annotations.NullMarked;
