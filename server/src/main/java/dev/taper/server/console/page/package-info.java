/** The files of the console's pages, and the fields with which every answer to them goes out. */
@NullMarked
package dev.taper.server.console.page;

import org.jspecify.annotations.NullMarked;
