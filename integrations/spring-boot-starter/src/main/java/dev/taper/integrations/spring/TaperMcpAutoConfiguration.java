package dev.taper.integrations.spring;

import dev.taper.operations.config.ConfiguredVerifier;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import org.springframework.ai.mcp.ToolContextToMcpMetaConverter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Guards the servers of MCP of an application, and keeps secrets of agents out of what they send.
 */
@AutoConfiguration(
    after = TaperAutoConfiguration.class,
    afterName = {
      "org.springframework.ai.mcp.server.webmvc.autoconfigure"
          + ".McpServerStatelessWebMvcAutoConfiguration",
      "org.springframework.ai.mcp.server.webmvc.autoconfigure"
          + ".McpServerStreamableHttpWebMvcAutoConfiguration"
    },
    beforeName = {
      "org.springframework.ai.mcp.client.common.autoconfigure.McpToolCallbackAutoConfiguration",
      "org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration"
    })
@ConditionalOnClass(McpServerTransportProviderBase.class)
class TaperMcpAutoConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(ConfiguredVerifier.class)
  static class Servers {
    @Bean
    static GuardedMcp taperGuardedMcp() {
      return new GuardedMcp();
    }

    /** Where Spring AI's server takes messages: each of them is judged, and not its request. */
    @Bean
    @Conditional(OverHttp.class)
    McpPath taperMcpPath(
        @Value("${spring.ai.mcp.server.streamable-http.mcp-endpoint:/mcp}") String path) {
      return new McpPath(path);
    }
  }

  /** A guard that is not there would be taken for one that lets everything through. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(ToolMethods.class)
  @ConditionalOnMissingBean(ConfiguredVerifier.class)
  static class Unguarded {
    @Bean
    static BeanFactoryPostProcessor taperUnguardedMcp() {
      return beans -> {
        if (beans.getBeanNamesForType(McpServerTransportProviderBase.class, true, false).length > 0
            || beans.getBeanNamesForType(McpStatelessServerTransport.class, true, false).length
                > 0) {
          throw new IllegalStateException(
              "a server of MCP needs settings below taper; an application that wants no guard"
                  + " excludes TaperAutoConfiguration");
        }
      };
    }
  }

  /**
   * The path of a server of MCP.
   *
   * @param path as requests have it
   */
  record McpPath(String path) {}

  /** A server that is spoken to over HTTP. */
  static final class OverHttp extends AnyNestedCondition {
    OverHttp() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(McpStreamableServerTransportProvider.class)
    static final class WithSessions {}

    @ConditionalOnBean(McpStatelessServerTransport.class)
    static final class WithoutSessions {}
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ToolContextToMcpMetaConverter.class)
  static class Agents {
    /**
     * Sends nothing of a tool's context: Spring AI would send all of it to the server, a key that
     * stands in it, too.
     */
    @Bean
    @ConditionalOnMissingBean
    ToolContextToMcpMetaConverter taperToolContext() {
      return ToolContextToMcpMetaConverter.noOp();
    }
  }
}
