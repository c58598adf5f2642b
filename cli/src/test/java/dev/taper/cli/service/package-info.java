@NullMarked
package dev.taper.cli.service;

import org.jspecify.annotations.NullMarked;
