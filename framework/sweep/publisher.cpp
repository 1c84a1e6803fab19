// framework/sweep/publisher.cpp - complete points on their way to the disk, beside the work on the
// next ones.
#include "sweep/publisher.hpp"

#include <exception>
#include <utility>

namespace lyap::framework {

Publisher::~Publisher() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Publisher::add(const std::string& id, PointReport done) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
    waiting_.push_back({id, std::move(done)});
  }
  changed_.notify_all();
}

void Publisher::run() {
  for (;;) {
    std::vector<Complete> points;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      points.swap(waiting_);
    }
    changed_.notify_all();
    publish(points);
    for (const Complete& point : points) {
      tell_(point.done);
      claims_.release(point.id);
    }
  }
}

void Publisher::publish(std::vector<Complete>& points) {
  std::vector<std::string> ids;
  for (const Complete& point : points) ids.push_back(point.id);
  try {
    directory_.publish(ids);
  } catch (const std::exception&) {
    for (Complete& point : points) publish_alone(point);
  }
}

/// What cannot be published is a failed point; if that cannot be written either, it is left as it
/// is.
void Publisher::publish_alone(Complete& point) {
  const std::int64_t index = point.done.index;
  try {
    if (!std::filesystem::exists(directory_.point(point.id))) directory_.publish({point.id});
    return;
  } catch (const std::exception& e) {
    point.done = {PointReport::What::Failed, index, e.what()};
  }
  try {
    directory_.fail(point.id, point.done.sentence);
  } catch (const std::exception& e) {
    point.done = {PointReport::What::Left, index, e.what()};
  }
}

}  // namespace lyap::framework
