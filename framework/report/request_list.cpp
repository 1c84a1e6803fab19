// framework/report/request_list.cpp - the charts that a pipeline asks for, as requests.
#include "report/chart_request.hpp"

namespace lyap::framework {

std::vector<ChartRequest> requests_of(const Node& report) {
  std::vector<ChartRequest> requests;
  for (const Node& entry : report.children) {
    if (entry.children.empty()) continue;
    const Node& body = entry.children.front();
    ChartRequest request;
    request.kind = body.key;
    if (body.is(Node::Kind::Scalar)) request.x = body.text;
    const auto text = [&](const char* key) {
      const Node* node = body.find(key);
      return node && node->is(Node::Kind::Scalar) ? node->text : std::string();
    };
    if (body.is(Node::Kind::Map)) {
      request.x = text("x");
      request.y = text("y");
      request.colour = text("colour");
      request.split = text("split");
      request.band = text("band");
      request.points = text("points") == "true";
      if (const Node* panels = body.find("panels"))
        for (const Node& panel : panels->children) request.panels.push_back(panel.text);
      if (!text("panels").empty()) request.panels.push_back(text("panels"));
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace lyap::framework
