/** The commands: options and parameters, nothing else. The work is done by the services. */
@NullMarked
package dev.taper.cli.command;

import org.jspecify.annotations.NullMarked;
