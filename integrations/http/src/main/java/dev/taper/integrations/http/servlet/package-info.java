/** A filter for servers of Jakarta Servlet 6. */
@NullMarked
package dev.taper.integrations.http.servlet;

import org.jspecify.annotations.NullMarked;
