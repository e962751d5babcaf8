/* Makes pages quicker where scripts run. Without it every task still works by links and forms. */
(function () {
  'use strict';
})();
