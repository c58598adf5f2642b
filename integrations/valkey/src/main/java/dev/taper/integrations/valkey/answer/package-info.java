/**
 * What a server says, which may be hostile: read strictly, and asked nothing. It is not exported.
 */
@NullMarked
package dev.taper.integrations.valkey.answer;

import org.jspecify.annotations.NullMarked;
