@NullMarked
package dev.taper.integrations.http.client;

import org.jspecify.annotations.NullMarked;
