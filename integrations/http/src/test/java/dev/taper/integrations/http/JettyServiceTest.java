package dev.taper.integrations.http;

class JettyServiceTest extends BadInputContract {
  @Override
  TestService.Starter starter() {
    return JettyService::start;
  }
}
