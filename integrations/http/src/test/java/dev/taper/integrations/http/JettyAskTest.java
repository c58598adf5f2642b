package dev.taper.integrations.http;

class JettyAskTest extends AgentAskContract {
  @Override
  TestService.Starter starter() {
    return JettyService::start;
  }
}
