// framework/pipeline/read_yaml.cpp - the tree of a YAML text from the events of its parser.
#include "pipeline/read_yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "pipeline/build_tree.hpp"
#include "pipeline/mistakes.hpp"
#include "pipeline/source_lines.hpp"

namespace lyap::framework {
namespace {

constexpr std::size_t largest_file = 1 << 19;

/// What the parser means, for people.
std::string explain(const YAML::Exception& error) {
  const std::string& said = error.msg;
  if (said == YAML::ErrorMsg::MAP_VALUE)
    return "a ':' cannot stand here; check the indentation, or put the text in quotes";
  if (said == YAML::ErrorMsg::UNKNOWN_TOKEN)
    return "a value cannot begin like this; put the text in quotes";
  if (said == YAML::ErrorMsg::END_OF_MAP || said == YAML::ErrorMsg::END_OF_SEQ ||
      said == YAML::ErrorMsg::BLOCK_ENTRY || said == YAML::ErrorMsg::MAP_KEY)
    return "this line does not belong to what stands above it; check the indentation";
  if (said == YAML::ErrorMsg::FLOW_END) return "this bracket closes nothing that is open";
  if (said == YAML::ErrorMsg::EOF_IN_SCALAR) return "the text ends inside quotes";
  if (said == YAML::ErrorMsg::UNKNOWN_ANCHOR)
    return "aliases (*name) are not used here; write the value out";
  return "this is not YAML: " + said;
}

bool unclosed_bracket(const YAML::Exception& error) {
  return error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW ||
         error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
}

}  // namespace

Node parse_yaml(const std::shared_ptr<const Source>& source) {
  Mistakes mistakes;
  const SourceLines lines(source);
  lines.check(mistakes);
  mistakes.throw_if_any();

  TreeBuilder builder(lines, mistakes);
  try {
    std::istringstream stream(source->text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    if (unclosed_bracket(error))
      mistakes.add(builder.innermost(), "this bracket is never closed");
    else
      mistakes.add(lines.place(error.mark.line, error.mark.column), explain(error));
  }
  mistakes.throw_if_any();
  return builder.take();
}

Node read_yaml(const std::filesystem::path& file) {
  std::string text = read_file(file);
  const auto refuse = [&](const char* why) {
    throw InputError(fmt::format("{}:1:1: error: {}", file.string(), why));
  };
  if (text.size() > largest_file)
    refuse("a file of settings has at most 512 kB; is this the right one?");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  // One kind of line break, so that lines and columns are the same for everyone.
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != text.npos;) text.erase(at, 1);
  Node root =
      parse_yaml(std::make_shared<const Source>(Source{file.string(), std::move(text), ""}));
  if (root.is(Node::Kind::Null)) refuse("the file holds no settings");
  return root;
}

}  // namespace lyap::framework
