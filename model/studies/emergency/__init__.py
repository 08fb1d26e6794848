"""Days of alert: what to stop, place by place, at the least loss of value added."""
