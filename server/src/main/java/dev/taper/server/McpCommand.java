package dev.taper.server;

import dev.taper.server.connect.ConnectCommand;
import dev.taper.server.guard.CatalogCommand;
import dev.taper.server.guard.GuardCommand;
import picocli.CommandLine.Command;

/** {@code taper mcp}, a group. */
@Command(
    name = "mcp",
    description = "Stands between clients and servers of the Model Context Protocol.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {GuardCommand.class, CatalogCommand.class, ConnectCommand.class})
final class McpCommand {}
